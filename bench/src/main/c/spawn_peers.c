/* How fast C starts a program: the peers of the spawn benchmark. Reads one letter per start ('f' fork and exec, 'p'
 * posix_spawn), answers with the nanoseconds from before the start to after the wait, as 8 bytes. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;
static char *program[] = { "/bin/true", 0 };

static long now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1000000000L + time.tv_nsec;
}

/* What a careful daemon does: signals reset, everything closed, a session, standard input from /dev/null. */
static pid_t fork_and_exec(void)
{
    sigset_t all, before, none;
    sigfillset(&all);
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &all, &before);
    pid_t pid = fork();
    if (pid == 0) {
        struct sigaction by_default = { .sa_handler = SIG_DFL };
        for (int signal = 1; signal < 65; signal++)
            sigaction(signal, &by_default, 0);
        close_range(3, ~0U, 0);
        int null = open("/dev/null", O_RDWR);
        dup2(null, 0);
        close(null);
        setsid();
        sigprocmask(SIG_SETMASK, &none, 0);
        execve(program[0], program, environ);
        _exit(127);
    }
    sigprocmask(SIG_SETMASK, &before, 0);
    return pid;
}

static pid_t spawn(void)
{
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    sigset_t signals;
    pid_t pid;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDWR, 0);
    posix_spawn_file_actions_addclosefrom_np(&actions, 3);
    posix_spawnattr_init(&attributes);
    sigfillset(&signals);
    posix_spawnattr_setsigdefault(&attributes, &signals);
    sigemptyset(&signals);
    posix_spawnattr_setsigmask(&attributes, &signals);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSID);
    int error = posix_spawn(&pid, program[0], &actions, &attributes, program, environ);
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
    return error ? -1 : pid;
}

int main(void)
{
    char which;
    while (read(0, &which, 1) == 1) {
        int status;
        long start = now();
        waitpid(which == 'f' ? fork_and_exec() : spawn(), &status, 0);
        long took = now() - start;
        if (write(1, &took, sizeof took) != sizeof took)
            return 1;
    }
    return 0;
}
