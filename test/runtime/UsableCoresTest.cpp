// How many threads a pool has of itself.
#include "runtime/thread_pool.h"

#include "gtest/gtest.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sched.h>
#include <string>

extern "C" uint32_t mobileone_cores_of_quota(const char *root);

namespace {

/// A folder that looks like the root of a system with control groups.
class Quota : public testing::Test {
protected:
  void SetUp() override {
    std::string name = testing::TempDir() + "/mobileone-XXXXXX";
    ASSERT_TRUE(mkdtemp(name.data()));
    root = name;
  }
  void TearDown() override { std::filesystem::remove_all(root); }

  void write(const std::string &path, const std::string &text) const {
    const std::filesystem::path file(root + path);
    std::filesystem::create_directories(file.parent_path());
    std::ofstream(file) << text << '\n';
  }
  uint32_t cores() const { return mobileone_cores_of_quota(root.c_str()); }

  std::string root;
};

} // namespace

TEST_F(Quota, is_none_where_nothing_says_so) {
  EXPECT_EQ(UINT32_MAX, cores());
  write("/proc/self/cgroup", "0::/app");
  EXPECT_EQ(UINT32_MAX, cores());
  write("/sys/fs/cgroup/app/cpu.max", "max 100000");
  EXPECT_EQ(UINT32_MAX, cores());
  write("/sys/fs/cgroup/app/cpu.max", "");
  EXPECT_EQ(UINT32_MAX, cores());
}

TEST_F(Quota, is_rounded_up) {
  write("/proc/self/cgroup", "0::/app");
  for (auto [text, expected] :
       {std::pair("100000 100000", 1u), std::pair("100001 100000", 2u),
        std::pair("250000 100000", 3u), std::pair("400000 100000", 4u),
        std::pair("1000 100000", 1u)}) {
    write("/sys/fs/cgroup/app/cpu.max", text);
    EXPECT_EQ(expected, cores()) << text;
  }
}

TEST_F(Quota, is_the_least_of_the_groups_around) {
  write("/proc/self/cgroup", "0::/outer/app");
  write("/sys/fs/cgroup/outer/app/cpu.max", "800000 100000");
  write("/sys/fs/cgroup/outer/cpu.max", "300000 100000");
  EXPECT_EQ(3u, cores());
}

// Without a namespace of its own it sees a path that is not there.
TEST_F(Quota, of_a_container_is_at_the_root) {
  write("/proc/self/cgroup", "0::/docker/0123/app");
  write("/sys/fs/cgroup/cpu.max", "200000 100000");
  EXPECT_EQ(2u, cores());
}

TEST_F(Quota, of_version_1_is_with_its_controller) {
  write("/proc/self/cgroup",
        "9:cpuset:/app\n4:cpu,cpuacct:/app\n1:name=systemd:/app\n0::/");
  write("/sys/fs/cgroup/cpuset/app/cpu.cfs_quota_us", "100000");
  write("/sys/fs/cgroup/cpuset/app/cpu.cfs_period_us", "100000");
  EXPECT_EQ(UINT32_MAX, cores());
  write("/sys/fs/cgroup/cpu,cpuacct/app/cpu.cfs_quota_us", "-1");
  write("/sys/fs/cgroup/cpu,cpuacct/app/cpu.cfs_period_us", "100000");
  EXPECT_EQ(UINT32_MAX, cores());
  write("/sys/fs/cgroup/cpu,cpuacct/app/cpu.cfs_quota_us", "150000");
  EXPECT_EQ(2u, cores());
}

#ifdef __linux__
TEST(ThreadPool, has_a_thread_for_each_core_that_it_may_use) {
  cpu_set_t before, one;
  ASSERT_EQ(0, sched_getaffinity(0, sizeof before, &before));
  EXPECT_LE(mobileone_usable_cores(), unsigned(CPU_COUNT(&before)));
  int cpu = 0;
  while (!CPU_ISSET(cpu, &before))
    ++cpu;
  CPU_ZERO(&one);
  CPU_SET(cpu, &one);
  ASSERT_EQ(0, sched_setaffinity(0, sizeof one, &one));
  mobileone_thread_pool *pool = mobileone_thread_pool_create(0);
  const uint32_t cores = mobileone_usable_cores();
  ASSERT_EQ(0, sched_setaffinity(0, sizeof before, &before));
  ASSERT_TRUE(pool);
  EXPECT_EQ(1u, cores);
  EXPECT_EQ(1u, mobileone_thread_pool_workers(pool));
  mobileone_thread_pool_destroy(pool);
}
#endif
