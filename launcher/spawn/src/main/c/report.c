/* The way back to the spawner. */
#include "executor.h"

i32 control;

/* Ends the process without a word: nobody listens any more, or everything is said. */
void leave(void)
{
    for (;;)
        call(exit_group, 125);
}

static void say(u32 kind, u32 step, u32 error, u32 order)
{
    struct report report = { kind, step, error, order };
    struct io_vector vector = { &report, sizeof report };
    struct message message = { .vectors = &vector, .vector_count = 1 };
    call(sendmsg, control, &message, MSG_NOSIGNAL);
}

void fail(const struct orders *orders, enum step step, const struct order *about, i64 result)
{
    empty_pid_file(orders);
    say(REPORT_FAILED, step, (u32)-result, about ? order_number(orders, about) : ~0u);
    leave();
}

i64 must(const struct orders *orders, enum step step, const struct order *about, i64 result)
{
    if (result < 0)
        fail(orders, step, about, result);
    return result;
}

void say_ready(void)
{
    say(REPORT_READY, STEP_HANDSHAKE, 0, ~0u);
}

void hear(void *buffer, u64 length)
{
    char *at = buffer;
    while (length > 0) {
        i64 count = call(read, control, at, length);
        if (count == -EINTR)
            continue;
        if (count <= 0)
            leave();
        at += count;
        length -= (u64)count;
    }
}
