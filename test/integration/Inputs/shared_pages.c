/* shared_pages FILE: runs the network here and in a second process that was
 * started anew, and measures the pages of FILE, mapped read-only, which hold
 * the weights. */
#include "test_model.h"

#include "runtime/weights.h"

#include <sys/wait.h>
#include <unistd.h>

static float input[NET_INPUT_BYTES / sizeof(float)], output[NET_OUTPUT_LEN];

static void run(void) {
  void *arena = new_arena();
  fill_input(input);
#ifdef NET_WEIGHTS_BYTES
  float *outputs[] = {output};
  mobileone_weights weights;
  EXPECT(mobileone_weights_open("net.weights", net_info(), &weights) ==
         MOBILEONE_OK);
  mobileone_call call = new_call(input, outputs, arena);
  call.weights = weights.data;
  call.weights_bytes = weights.bytes;
  EXPECT(net_run_ex(&call) == MOBILEONE_OK);
#else
  EXPECT(net_run(input, output, arena) == MOBILEONE_OK);
#endif
}

/* Sums a field of /proc/self/smaps over the read-only mappings of `file`. */
static unsigned long sum(const char *file, const char *field) {
  FILE *maps = fopen("/proc/self/smaps", "r");
  char line[4096];
  unsigned long all = 0, value;
  int is_ours = 0;
  const size_t length = strlen(field);
  EXPECT(maps);
  while (fgets(line, sizeof line, maps)) {
    const char *slash = strrchr(line, '/');
    if (strchr(line, '-') && strstr(line, " r--p "))
      is_ours = slash && !strncmp(slash + 1, file, strlen(file)) &&
                slash[1 + strlen(file)] == '\n';
    else if (strstr(line, "p 0") && strchr(line, '-'))
      is_ours = 0;
    if (is_ours && !strncmp(line, field, length) &&
        sscanf(line + length, ": %lu kB", &value) == 1)
      all += value;
  }
  fclose(maps);
  return all;
}

int main(int count, char **arguments) {
  int ready[2], done[2];
  char byte = 0;
  pid_t child;
  unsigned long resident, share;
  const unsigned long weights =
      (unsigned long)(net_info()->weights_bytes >> 10);
  EXPECT(count == 2);
  run();
  if (!strcmp(arguments[1], "second")) { /* 3 and 4 are pipes */
    EXPECT(write(3, &byte, 1) == 1 && read(4, &byte, 1) == 0);
    return 0;
  }
  EXPECT(pipe(ready) == 0 && pipe(done) == 0);
  child = fork();
  EXPECT(child >= 0);
  if (!child) {
    const int out = dup(ready[1]), in = dup(done[0]);
    EXPECT(dup2(out, 3) == 3);
    EXPECT(dup2(in, 4) == 4);
    for (int file = 5; file < 32; ++file)
      close(file);
    execl("/proc/self/exe", arguments[0], "second", (char *)0);
    return 1;
  }
  close(ready[1]);
  EXPECT(read(ready[0], &byte, 1) == 1);
  resident = sum(arguments[1], "Rss");
  share = sum(arguments[1], "Pss");
  close(done[1]);
  EXPECT(waitpid(child, NULL, 0) == child);
  printf("weights %lu KB, resident %lu, share of this process %lu\n", weights,
         resident, share);
  EXPECT(resident >= weights * 9 / 10);
  EXPECT(share <= resident * 6 / 10);
  return 0;
}
