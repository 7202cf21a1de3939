/* The only program of the container that is raced: it waits for ever. */
#include <unistd.h>

int main(void)
{
    for (;;)
        pause();
}
