/* The benchmark's stopwatch: starts commands and says how long they took and how much processor time they used, without
 * a JVM in between. Requests on standard input are a line with a count and that many strings, each ended by a zero byte:
 *
 *   run FILE PID  word word … "" word word … ""   starts all commands at once, their output in FILE, waits for all, and
 *                                                  for the end of process PID too unless it is 0
 *   cpu PID PID …                                  processor time of those processes so far
 *
 * The answer is a line: status, nanoseconds of wall time, nanoseconds of processor time.
 *
 * As `stopwatch init PROGRAM …` it is the first process of a pid namespace: it starts the program, reaps whatever loses
 * its parent (a daemon that looks for a killed guest would find it undead otherwise), and ends with the program. From
 * SIGUSR1 to SIGUSR2 it reaps late, as the first processes of many containers and small machines do. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

enum { MAX_WORDS = 1 << 16, MAX_COMMANDS = 4096, FAILED = 127 };

static char *words[MAX_WORDS];
static pid_t pids[MAX_COMMANDS];

static long long nanos(clockid_t clock)
{
    struct timespec time = { 0, 0 };
    if (clock_gettime(clock, &time) != 0)
        return 0;
    return time.tv_sec * 1000000000LL + time.tv_nsec;
}

/* The clock of another process (clock_getcpuclockid(3)): nanoseconds, where /proc has ticks of 10 ms. */
static long long processor_time(pid_t pid)
{
    clockid_t clock;
    return clock_getcpuclockid(pid, &clock) == 0 ? nanos(clock) : 0;
}

static int read_words(void)
{
    int count;
    if (scanf("%d", &count) != 1 || count < 1 || count >= MAX_WORDS || getchar() != '\n')
        return 0;
    for (int i = 0; i < count; i++) {
        size_t size = 0;
        free(words[i]);
        words[i] = 0;
        if (getdelim(&words[i], &size, 0, stdin) < 0)
            return 0;
    }
    return count;
}

static long long children_time(void)
{
    struct rusage use;
    getrusage(RUSAGE_CHILDREN, &use);
    return (use.ru_utime.tv_sec + use.ru_stime.tv_sec) * 1000000000LL
        + (use.ru_utime.tv_usec + use.ru_stime.tv_usec) * 1000LL;
}

static void await_end(int pidfd)
{
    struct pollfd end = { .fd = pidfd, .events = POLLIN };
    while (poll(&end, 1, 20000) < 0 && errno == EINTR)
        ;
    close(pidfd);
}

static void run(int count)
{
    posix_spawn_file_actions_t files;
    int started = 0, worst = 0;
    pid_t other = atoi(words[2]);
    int pidfd = other ? (int)syscall(SYS_pidfd_open, other, 0) : -1;
    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_addopen(&files, 0, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&files, 1, words[1], O_WRONLY | O_CREAT | O_APPEND, 0644);
    posix_spawn_file_actions_adddup2(&files, 1, 2);
    posix_spawn_file_actions_addclosefrom_np(&files, 3);
    long long used = children_time();
    long long begin = nanos(CLOCK_MONOTONIC);
    for (int first = 3; first < count && started < MAX_COMMANDS;) {
        int end = first;
        while (end < count && words[end][0])
            end++;
        char *none = 0, *kept = words[end];
        words[end] = none;
        if (posix_spawn(&pids[started], words[first], &files, 0, &words[first], environ) == 0)
            started++;
        else
            worst = FAILED;
        words[end] = kept;
        first = end + 1;
    }
    for (int i = 0; i < started; i++) {
        int status;
        if (waitpid(pids[i], &status, 0) < 0 || status != 0)
            worst = worst ? worst : WIFEXITED(status) ? WEXITSTATUS(status) : FAILED;
    }
    if (pidfd >= 0)
        await_end(pidfd);
    long long wall = nanos(CLOCK_MONOTONIC) - begin;
    posix_spawn_file_actions_destroy(&files);
    printf("%d %lld %lld\n", worst, wall, children_time() - used);
}

static void cpu(int count)
{
    long long sum = 0;
    for (int i = 1; i < count; i++)
        sum += processor_time(atoi(words[i]));
    printf("0 0 %lld\n", sum);
}

static volatile sig_atomic_t late;

static void choose(int signal)
{
    late = signal == SIGUSR1;
}

static int init(char **program)
{
    pid_t first, ended;
    int status;
    siginfo_t one;
    struct sigaction action = { .sa_handler = choose };
    sigaction(SIGUSR1, &action, 0);
    sigaction(SIGUSR2, &action, 0);
    if (posix_spawn(&first, program[0], 0, 0, program, environ) != 0)
        return FAILED;
    for (;;) {
        if (waitid(P_ALL, 0, &one, WEXITED | WNOWAIT) != 0) {
            if (errno != EINTR)
                return FAILED;
            continue;
        }
        if (late && one.si_pid != first)
            nanosleep(&(struct timespec){ 1, 300 * 1000 * 1000 }, 0);
        while ((ended = waitpid(-1, &status, WNOHANG)) > 0)
            if (ended == first)
                return WIFEXITED(status) ? WEXITSTATUS(status) : FAILED;
    }
}

int main(int argc, char **argv)
{
    int count;
    if (argc > 2 && strcmp(argv[1], "init") == 0)
        return init(argv + 2);
    while ((count = read_words()) > 0) {
        if (strcmp(words[0], "run") == 0 && count > 3)
            run(count);
        else
            cpu(count);
        fflush(stdout);
    }
    return 0;
}
