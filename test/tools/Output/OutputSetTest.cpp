// The files of a run appear together or not at all, and nothing else changes.
#include "tools/Output/OutputSet.h"
#include "tools/Output/PlacedFile.h"

#include "llvm/ADT/SmallString.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Signals.h"
#include "llvm/Support/raw_ostream.h"
#include <gtest/gtest.h>

#include <csignal>
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

using namespace llvm;
using namespace mobileone;

namespace {

/// A folder that lives as long as the test.
class OutputSetTest : public testing::Test {
protected:
  void SetUp() override {
    ASSERT_FALSE(sys::fs::createUniqueDirectory("outputs", folder));
  }
  void TearDown() override { sys::fs::remove_directories(folder); }

  std::string at(const Twine &name) const {
    return (folder + "/" + name).str();
  }
  void makeFile(const Twine &name, StringRef content) const {
    std::error_code error;
    raw_fd_ostream file(at(name), error);
    ASSERT_FALSE(error);
    file << content;
  }
  std::string read(const Twine &name) const {
    auto file = MemoryBuffer::getFile(at(name));
    return file ? (*file)->getBuffer().str() : "nothing";
  }
  unsigned permissions(const Twine &name) const {
    struct stat status;
    return stat(at(name).c_str(), &status) ? 0 : status.st_mode & 07777;
  }
  /// Names in the folder, sorted.
  std::vector<std::string> list() const {
    std::vector<std::string> names;
    std::error_code error;
    for (sys::fs::directory_iterator file(folder, error), end;
         file != end && !error; file.increment(error))
      names.push_back(sys::path::filename(file->path()).str());
    std::sort(names.begin(), names.end());
    return names;
  }
  using Names = std::vector<std::string>;

  /// What is said about an output, after the folder's name.
  std::string refusal(OutputSet &outputs, const Twine &name,
                      OutputRule rule = {}) const {
    std::string text = toString(outputs.reserve(at(name), rule));
    StringRef rest = text;
    rest.consume_front((folder + "/").str());
    return rest.str();
  }

  SmallString<128> folder;
};

/// Writes `content` to three files.
Error writeThree(StringRef folder, const std::string &content) {
  OutputSet outputs;
  for (const char *name : {"/a.o", "/a.h", "/a.json"})
    if (Error error = outputs.write((folder + name).str(), content))
      return error;
  return outputs.commit();
}

TEST_F(OutputSetTest, files_appear_at_the_commit) {
  makeFile("a", "old");
  OutputSet outputs;
  ASSERT_FALSE(errorToBool(outputs.reserve(at("a"))));
  ASSERT_FALSE(errorToBool(outputs.reserve(at("never-written"))));
  ASSERT_FALSE(errorToBool(outputs.write(at("a"), "new")));
  ASSERT_FALSE(errorToBool(outputs.write(at("b"), "other")));
  EXPECT_EQ(read("a"), "old");
  EXPECT_EQ(list(), Names({"a"}));
  ASSERT_FALSE(errorToBool(outputs.commit()));
  EXPECT_EQ(read("a"), "new");
  EXPECT_EQ(list(), Names({"a", "b"}));
}

TEST_F(OutputSetTest, one_that_cannot_be_written_leaves_all_as_they_were) {
  makeFile("a", "old");
  OutputSet outputs;
  ASSERT_FALSE(errorToBool(outputs.write(at("a"), "new")));
  ASSERT_FALSE(errorToBool(outputs.write(at("b"), "new")));
  ASSERT_FALSE(sys::fs::create_directory(at("b")));
  EXPECT_EQ(toString(outputs.commit()),
            at("b") + ": expects a file to write, but got a folder");
  EXPECT_EQ(read("a"), "old");
  EXPECT_EQ(list(), Names({"a", "b"}));
}

TEST_F(OutputSetTest, a_full_disk_leaves_all_as_they_were) {
  makeFile("a", "old");
  auto before = std::signal(SIGXFSZ, SIG_IGN);
  rlimit limit;
  getrlimit(RLIMIT_FSIZE, &limit);
  rlimit small = {4096, limit.rlim_max};
  setrlimit(RLIMIT_FSIZE, &small);
  OutputSet outputs;
  ASSERT_FALSE(errorToBool(outputs.write(at("a"), "new")));
  ASSERT_FALSE(errorToBool(outputs.write(at("b"), std::string(5000, 'x'))));
  std::string message = toString(outputs.commit());
  setrlimit(RLIMIT_FSIZE, &limit);
  std::signal(SIGXFSZ, before);
  EXPECT_EQ(message, at("b") + ": cannot be written: File too large");
  EXPECT_EQ(read("a"), "old");
  EXPECT_EQ(list(), Names({"a"}));
}

// Where the last file cannot be moved the first ones go back.
TEST_F(OutputSetTest, a_failed_move_is_undone) {
  makeFile("old", "old");
  ASSERT_FALSE(sys::fs::create_directory(at("closed")));
  std::vector<PlacedFile> files;
  for (const char *name : {"old", "new", "closed/last"})
    ASSERT_FALSE(files.emplace_back(at(name)).write("written"));
  sys::fs::remove_directories(at("closed"));
  std::string failed;
  EXPECT_TRUE(moveAll(files, failed));
  EXPECT_EQ(failed, at("closed/last"));
  files.clear();
  EXPECT_EQ(read("old"), "old");
  EXPECT_EQ(list(), Names({"old"}));
}

TEST_F(OutputSetTest, inputs_are_no_outputs) {
  makeFile("in", "input");
  ASSERT_FALSE(sys::fs::create_link(at("in"), at("soft")));
  ASSERT_FALSE(sys::fs::create_hard_link(at("in"), at("hard")));
  OutputSet outputs;
  outputs.addInput(at("soft"));
  for (const char *name : {"in", "soft", "hard", "./in"})
    EXPECT_EQ(refusal(outputs, name),
              std::string(name) +
                  ": expects a file that is not read, but got the input " +
                  at("soft"));
  EXPECT_EQ(refusal(outputs, "out"), "");
}

TEST_F(OutputSetTest, two_outputs_are_two_files) {
  ASSERT_FALSE(sys::fs::create_link("a", at("link")));
  for (const char *name : {"a", "./a", "link"}) {
    OutputSet outputs;
    ASSERT_FALSE(errorToBool(outputs.reserve(at("a"))));
    EXPECT_EQ(refusal(outputs, name),
              std::string(name) +
                  ": expects a file of its own, but got that of " + at("a"));
  }
}

TEST_F(OutputSetTest, links_are_followed_and_stay) {
  makeFile("target", "old");
  ASSERT_FALSE(sys::fs::create_link("target", at("link")));
  ASSERT_FALSE(sys::fs::create_link("not-yet", at("dangling")));
  OutputSet outputs;
  ASSERT_FALSE(errorToBool(outputs.write(at("link"), "new")));
  ASSERT_FALSE(errorToBool(outputs.write(at("dangling"), "made")));
  ASSERT_FALSE(errorToBool(outputs.commit()));
  EXPECT_EQ(read("target"), "new");
  EXPECT_EQ(read("not-yet"), "made");
  EXPECT_TRUE(sys::fs::is_symlink_file(at("link")));
  EXPECT_TRUE(sys::fs::is_symlink_file(at("dangling")));
}

TEST_F(OutputSetTest, links_in_a_circle_are_an_error) {
  ASSERT_FALSE(sys::fs::create_link("b", at("a")));
  ASSERT_FALSE(sys::fs::create_link("a", at("b")));
  OutputSet outputs;
  EXPECT_NE(refusal(outputs, "a").find("a: cannot be written: Too many"),
            std::string::npos);
}

TEST_F(OutputSetTest, permissions_are_those_of_a_new_or_the_old_file) {
  mode_t before = umask(027);
  makeFile("old", "");
  chmod(at("old").c_str(), 0604);
  OutputSet outputs;
  ASSERT_FALSE(errorToBool(outputs.write(at("old"), "x")));
  ASSERT_FALSE(errorToBool(outputs.write(at("new"), "x")));
  ASSERT_FALSE(errorToBool(outputs.commit()));
  umask(before);
  EXPECT_EQ(permissions("old"), 0604u);
  EXPECT_EQ(permissions("new"), 0640u);
}

TEST_F(OutputSetTest, what_takes_no_file_is_refused) {
  OutputSet outputs;
  EXPECT_EQ(refusal(outputs, "."),
            ".: expects a file to write, but got a folder");
  EXPECT_EQ(refusal(outputs, "none/a"),
            "none/a: cannot be written: No such file or directory");
  makeFile("file", "");
  EXPECT_EQ(refusal(outputs, "file/a"),
            "file/a: cannot be written: Not a directory");
  EXPECT_EQ(toString(outputs.reserve("/dev/null", {/*onlyFile=*/true, ""})),
            "/dev/null: expects a file to write, but got a device or a pipe");
  EXPECT_EQ(toString(outputs.reserve("")),
            "expects the name of a file to write, but got ''");
}

TEST_F(OutputSetTest, only_marked_files_are_replaced) {
  makeFile("foreign", "int main(void);");
  makeFile("ours", "by us: x");
  makeFile("empty", "");
  OutputRule rule = {/*onlyFile=*/false, "by us"};
  OutputSet outputs;
  EXPECT_EQ(refusal(outputs, "foreign", rule),
            "foreign: expects a file that mobileone-opt wrote, or none: "
            "--overwrite replaces others, too");
  for (const char *name : {"ours", "empty", "none"})
    EXPECT_EQ(refusal(outputs, name, rule), "");
  OutputSet overwriting;
  overwriting.ignoreMarks();
  EXPECT_EQ(refusal(overwriting, "foreign", rule), "");
}

TEST_F(OutputSetTest, folders_are_made_at_the_commit) {
  OutputSet outputs;
  ASSERT_FALSE(errorToBool(outputs.addFolder(at("d/e"))));
  ASSERT_FALSE(errorToBool(outputs.write(at("d/e/a"), "x")));
  EXPECT_EQ(list(), Names());
  ASSERT_FALSE(errorToBool(outputs.commit()));
  EXPECT_EQ(read("d/e/a"), "x");
  EXPECT_EQ(toString(outputs.addFolder(at("d/e/a/b"))),
            at("d/e/a/b") + ": cannot be written: Not a directory");
}

TEST_F(OutputSetTest, names_may_hold_anything) {
  std::string longest(255, 'n');
  ASSERT_FALSE(sys::fs::create_directory(at("100%")));
  OutputSet outputs;
  for (const std::string &name : {std::string("100%/5%%.o"), longest})
    ASSERT_FALSE(errorToBool(outputs.write(at(name), "x")));
  ASSERT_FALSE(errorToBool(outputs.commit()));
  EXPECT_EQ(read("100%/5%%.o"), "x");
  EXPECT_EQ(read(longest), "x");
}

TEST_F(OutputSetTest, a_pipe_gets_the_text) {
  ASSERT_EQ(mkfifo(at("pipe").c_str(), 0600), 0);
  std::string received;
  std::thread reader([&] { received = read("pipe"); });
  OutputSet outputs;
  EXPECT_FALSE(errorToBool(outputs.write(at("pipe"), "text")));
  EXPECT_FALSE(errorToBool(outputs.commit()));
  reader.join();
  EXPECT_EQ(received, "text");
  EXPECT_EQ(list(), Names({"pipe"}));
}

TEST_F(OutputSetTest, a_full_device_is_an_error) {
  OutputSet outputs;
  ASSERT_FALSE(errorToBool(outputs.write("/dev/full", "text")));
  ASSERT_FALSE(errorToBool(outputs.write(at("a"), "x")));
  EXPECT_EQ(toString(outputs.commit()),
            "/dev/full: cannot be written: No space left on device");
  EXPECT_EQ(list(), Names());
}

/// Runs `task` in another process.
template <typename Task>
pid_t start(Task task) {
  pid_t process = fork();
  if (process == 0) {
    task();
    _exit(0);
  }
  return process;
}

// All three files are those of one process, and no lock is left.
TEST_F(OutputSetTest, runs_take_turns) {
  for (int round = 0; round < 10; ++round) {
    for (int process = 0; process < 4; ++process)
      start([&] {
        for (int i = 0; i < 5; ++i)
          cantFail(writeThree(folder, std::to_string(process)));
      });
    while (wait(nullptr) > 0)
      ;
    EXPECT_EQ(read("a.o"), read("a.h"));
    EXPECT_EQ(read("a.o"), read("a.json"));
  }
  EXPECT_EQ(list(), Names({"a.h", "a.json", "a.o"}));
}

/// Sends `signal` to a process that writes over and over, and checks that it is
/// that which ends it and that the files are whole.
void stopWriter(StringRef folder, int signal, int moment) {
  pid_t writer = start([&] {
    // A shell starts what runs in the background with SIGINT ignored, which the
    // handlers of the first process return to.
    sys::unregisterHandlers();
    std::signal(signal, SIG_DFL);
    for (int i = 0; i < 10000; ++i) {
      cantFail(writeThree(folder, std::string(100000, 'y')));
      usleep(5000); // most of the time signals are taken
    }
  });
  usleep(1000 + 100 * moment);
  // While files are moved signals are not taken, and a second one, to a process
  // that handles the first, ends it at once.
  int status = 0;
  for (int wait = 0; waitpid(writer, &status, WNOHANG) == 0; ++wait) {
    if (wait % 200 == 0)
      kill(writer, signal);
    usleep(1000);
  }
  EXPECT_TRUE(WIFSIGNALED(status));
  EXPECT_EQ(WTERMSIG(status), signal);
  for (const char *name : {"/a.o", "/a.h", "/a.json"}) {
    uint64_t size = 0;
    EXPECT_FALSE(sys::fs::file_size(folder + name, size)) << name;
    EXPECT_TRUE(size == 3 || size == 100000) << name << " has " << size;
  }
}

TEST_F(OutputSetTest, a_signal_leaves_whole_files_and_no_others) {
  for (int signal : {SIGINT, SIGTERM, SIGHUP})
    for (int moment = 0; moment < 10; ++moment) {
      cantFail(writeThree(folder, "old"));
      stopWriter(folder, signal, moment);
      EXPECT_EQ(list(), Names({"a.h", "a.json", "a.o"}));
    }
}

TEST_F(OutputSetTest, a_kill_leaves_whole_files) {
  for (int moment = 0; moment < 10; ++moment) {
    cantFail(writeThree(folder, "old"));
    stopWriter(folder, SIGKILL, moment);
  }
}

} // namespace
