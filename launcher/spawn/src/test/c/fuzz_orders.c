/* Feeds orders.c with mutations of real orders; run under AddressSanitizer, which ends it at the first stray access.
 * fuzz SEED-FILE ROUNDS */
#include "../../main/c/orders.h"

#undef call
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static u64 state = 88172645463325252ull;

static u64 next_random(void)
{
    state ^= state << 13;
    state ^= state >> 7;
    return state ^= state << 17;
}

static void mutate(char *bytes, u64 length)
{
    for (u64 changes = 1 + next_random() % 6; changes > 0; changes--) {
        u64 at = next_random() % length;
        if (next_random() % 3 == 0)
            bytes[at & ~7ul] = (char)(next_random() % 32); /* likely an order's type */
        else if (next_random() % 2)
            bytes[at] = (char)next_random();
        else
            *(u32 *)(bytes + (at & ~3ul)) = (u32)(next_random() % 300);
    }
}

/* Reads everything an accepted order promises. */
static u64 visit(struct orders *orders)
{
    u64 sum = 0;
    char *vector[8192];
    for (u16 type = 1; type < ORDER_TYPES; type++)
        for (struct order *order = 0; (order = next_order(orders, type, order));) {
            sum += order_number(orders, order);
            if (type == ORDER_ARGUMENTS || type == ORDER_ENVIRONMENT)
                sum += (u64)(text_vector(order, vector) - vector);
            else if (type == ORDER_LEASE)
                sum += text_length(text_at(order, 8) + text_length(text_at(order, 8)) + 1);
            else if (type == ORDER_PROGRAM || type == ORDER_DIRECTORY)
                sum += text_length(text_at(order, 0));
            else if (type == ORDER_IDENTITY)
                for (u32 at = 0; at < number_at(order, 8); at++)
                    sum += number_at(order, 16 + 4 * at);
        }
    return sum;
}

int main(int count, char **words)
{
    static char seed[65536];
    FILE *file = count == 3 ? fopen(words[1], "rb") : 0;
    if (!file)
        return 2;
    u64 length = fread(seed, 1, sizeof seed, file) - sizeof(struct orders_header), accepted = 0, sum = 0;
    for (long round = atol(words[2]); round > 0; round--) {
        u64 size = next_random() % 4 ? length : (next_random() % (length / 8)) * 8;
        char *copy = malloc(size ? size : 1); /* exactly so big, so that a byte too far is seen */
        memcpy(copy, seed + sizeof(struct orders_header), size);
        if (size)
            mutate(copy, size);
        struct orders orders = { copy, copy + size };
        if (check_orders(&orders) == 0) {
            accepted++;
            sum += visit(&orders);
        }
        free(copy);
    }
    printf("accepted %lu, sum %lu\n", accepted, sum);
    return 0;
}
