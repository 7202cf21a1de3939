/* Starts a program that goes on when whoever started it has gone: `spawn-executor detach PROGRAM ARGUMENT...`.
 *
 * The one use without orders. A Java program that starts a daemon by the JDK keeps a thread in waitpid(2) for its child,
 * and its end waits 300 ms for that thread. So its child is this process, which ends as soon as its standard input does,
 * and the daemon is a child of the first process, as daemons are. Standard output and error are the daemon's alone. */
#include "executor.h"

enum { SIGCHLD = 17 };

static void say_text(const char *text)
{
    call(write, 1, text, text_length(text));
}

static void NEVER_RETURNS become(char **argv, char **envp)
{
    reset_signals();
    allow_signals();
    call(setsid);
    i64 nothing = call(openat, AT_FDCWD, "/dev/null", O_RDONLY | O_CLOEXEC);
    call(dup3, nothing, 0, 0);
    i64 error = -call(execve, argv[0], argv, envp);
    char number[] = { (char)('0' + error / 100 % 10), (char)('0' + error / 10 % 10), (char)('0' + error % 10), '\n', 0 };
    say_text("cannot be executed, errno ");
    say_text(number);
    leave();
}

void NEVER_RETURNS detach(i64 argc, char **argv)
{
    i64 child = call(clone, SIGCHLD, 0, 0, 0, 0);
    if (child == 0)
        become(argv + 2, argv + argc + 1);
    call(close, 1);
    call(close, 2);
    char byte;
    i64 count;
    do
        count = child < 0 ? 0 : call(read, 0, &byte, 1);
    while (count > 0 || count == -EINTR);
    leave();
}
