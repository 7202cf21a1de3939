/* Checks and reads the orders. */
#include "orders.h"

/* What a type's payload consists of: so many bytes, then so many texts. */
struct shape { u16 type; u8 fixed, texts; };
enum { ANY_TEXTS = 255 };

static const struct shape shapes[] = {
    { ORDER_DEATH_SIGNAL, 8, 0 }, { ORDER_NEW_SESSION, 0, 0 }, { ORDER_OPEN, 16, 1 }, { ORDER_INHERIT, 8, 0 },
    { ORDER_NULL, 8, 0 }, { ORDER_SAME, 8, 0 }, { ORDER_DIRECTORY, 0, 1 }, { ORDER_UMASK, 8, 0 },
    { ORDER_OOM_SCORE, 0, 1 }, { ORDER_SCHEDULING, 8, 0 }, { ORDER_NICE, 8, 0 }, { ORDER_AFFINITY, 128, 0 },
    { ORDER_CGROUP, 0, 1 }, { ORDER_PID_FILE, 0, 1 }, { ORDER_LEASE, 8, 2 }, { ORDER_LABEL, 0, 2 },
    { ORDER_NO_NEW_PRIVILEGES, 0, 0 }, { ORDER_LANDLOCK_RULE, 16, 1 }, { ORDER_LANDLOCK, 24, 0 }, { ORDER_LIMIT, 24, 0 },
    { ORDER_CAPABILITIES, 8, 0 }, { ORDER_HANDSHAKE, 0, 0 }, { ORDER_PROGRAM, 0, 1 },
    { ORDER_ARGUMENTS, 0, ANY_TEXTS }, { ORDER_ENVIRONMENT, 0, ANY_TEXTS }, { ORDER_HAND_OVER, 8, 0 },
    { ORDER_REGISTER, 8 + 2 * REGISTER_BYTES, 1 },
};

static const struct shape *shape_of(u16 type)
{
    for (u64 i = 0; i < sizeof shapes / sizeof shapes[0]; i++)
        if (shapes[i].type == type)
            return &shapes[i];
    return 0;
}

static u32 count_texts(const char *text, u32 length)
{
    u32 count = 0;
    for (u32 i = 0; i < length; i++)
        count += text[i] == 0;
    return count;
}

static int fits_identity(const struct order *order)
{
    return order->length >= 16 && number_at(order, 8) <= 65536 && order->length == 16 + 4 * number_at(order, 8);
}

static int fits(const struct order *order)
{
    if (order->type == ORDER_IDENTITY)
        return fits_identity(order);
    const struct shape *shape = shape_of(order->type);
    if (!shape || order->length < shape->fixed)
        return 0;
    u32 rest = order->length - shape->fixed;
    if (rest == 0)
        return shape->texts == 0 || shape->texts == ANY_TEXTS;
    if (shape->texts == 0 || order->payload[order->length - 1] != 0)
        return 0;
    return shape->texts == ANY_TEXTS || count_texts(order->payload + shape->fixed, rest) == shape->texts;
}

static u64 size_of(const struct order *order)
{
    return sizeof *order + (((u64)order->length + 7) & ~7UL);
}

i64 check_orders(const struct orders *orders)
{
    u64 left = (u64)(orders->end - orders->start);
    for (char *at = orders->start; left > 0;) {
        const struct order *order = (const struct order *)at;
        if (left < sizeof *order || order->zero != 0 || size_of(order) > left || !fits(order))
            return -EPROTO;
        at += size_of(order);
        left -= size_of(order);
    }
    return 0;
}

struct order *next_order(const struct orders *orders, u16 type, const struct order *previous)
{
    char *at = previous ? (char *)previous + size_of(previous) : orders->start;
    while (at < orders->end) {
        struct order *order = (struct order *)at;
        if (order->type == type)
            return order;
        at += size_of(order);
    }
    return 0;
}

struct order *only_order(const struct orders *orders, u16 type)
{
    return next_order(orders, type, 0);
}

u32 order_number(const struct orders *orders, const struct order *wanted)
{
    u32 number = 0;
    for (char *at = orders->start; at < orders->end && at != (char *)wanted; at += size_of((struct order *)at))
        number++;
    return number;
}

u32 number_at(const struct order *order, u32 offset)
{
    return *(const u32 *)(order->payload + offset);
}

u64 wide_number_at(const struct order *order, u32 offset)
{
    return *(const u64 *)(order->payload + offset);
}

char *text_at(struct order *order, u32 offset)
{
    return order->payload + offset;
}

u64 text_length(const char *text)
{
    u64 length = 0;
    while (text[length])
        length++;
    return length;
}

char **text_vector(struct order *order, char **vector)
{
    char *end = order->payload + order->length;
    for (char *text = order->payload; text < end; text += text_length(text) + 1)
        *vector++ = text;
    *vector++ = 0;
    return vector;
}
