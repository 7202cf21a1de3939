/* Makes the process known to a daemon on a Unix socket, before it has become anybody else: the daemon asks the kernel who
 * connected (unix(7), SO_PEERCRED), so only the process itself can do it. The program inherits the connection, whose end
 * tells the daemon of its death. */
#include "executor.h"

static i64 connected(const char *path)
{
    struct unix_address address;
    address.family = AF_UNIX;
    u64 length = text_length(path);
    if (length >= sizeof address.path)
        return -ENAMETOOLONG;
    for (u64 i = 0; i <= length; i++)
        address.path[i] = path[i];
    i64 socket = call(socket, AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (socket < 0)
        return socket;
    i64 result = call(connect, socket, &address, sizeof address.family + length + 1);
    return result < 0 ? result : socket;
}

static i64 say_all(i64 socket, char *bytes, u64 length)
{
    struct io_vector vector = { bytes, length };
    struct message message = { .vectors = &vector, .vector_count = 1 };
    i64 sent = call(sendmsg, socket, &message, MSG_NOSIGNAL);
    return sent < 0 ? sent : sent == (i64)length ? 0 : -EPROTO;
}

/* The answer is as long as the expected one and like it, byte for byte, or it is a refusal. */
static i64 hear_exactly(i64 socket, const char *expected, u64 length)
{
    char answer[REGISTER_BYTES];
    for (u64 have = 0; have < length;) {
        i64 count = call(read, socket, answer + have, length - have);
        if (count == -EINTR)
            continue;
        if (count <= 0)
            return count < 0 ? count : -EPROTO;
        have += (u64)count;
    }
    for (u64 i = 0; i < length; i++)
        if (answer[i] != expected[i])
            return -EPROTO;
    return 0;
}

void register_with_daemons(struct orders *orders)
{
    for (struct order *order = 0; (order = next_order(orders, ORDER_REGISTER, order));) {
        struct register_order *wanted = (struct register_order *)order->payload;
        if (wanted->said > REGISTER_BYTES || wanted->heard > REGISTER_BYTES)
            fail(orders, STEP_READ_ORDERS, order, -EPROTO);
        i64 socket = must(orders, STEP_REGISTER, order, connected(wanted->path));
        must(orders, STEP_REGISTER, order, say_all(socket, wanted->saying, wanted->said));
        must(orders, STEP_REGISTER, order, hear_exactly(socket, wanted->hearing, wanted->heard));
        call(fcntl, socket, F_SETFD, 0);
    }
}
