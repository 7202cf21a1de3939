# A boot sector whose levers are pulled over its first serial port: it says LEVERS, and then
#   o powers itself off, r resets itself, p panics (pvpanic), w lets the watchdog bark (ib700), anything else is echoed.

.code16
.globl _start

.set COM1_DATA,   0x3f8
.set COM1_STATUS, 0x3fd        # bit 0: a byte came in, bit 5: ready to send
.set PM1_CONTROL, 0x604        # where SeaBIOS puts the ACPI register
.set SLEEP_S5,    0x2000
.set RESET,       0xcf9        # the PIIX's reset control register
.set PANIC,       0x505        # QEMU's docs/specs/pvpanic
.set WATCHDOG,    0x443        # the IB700's register that arms it; 0xf is at once

_start:
        xorw    %ax, %ax
        movw    %ax, %ds
        movw    %ax, %ss
        movw    $0x7c00, %sp
        movw    $greeting, %si
print:  lodsb
        testb   %al, %al
        jz      poll
        call    send
        jmp     print

poll:   sti
        hlt
        movw    $COM1_STATUS, %dx
        inb     %dx, %al
        testb   $1, %al
        jz      poll
        movw    $COM1_DATA, %dx
        inb     %dx, %al
        cmpb    $'o', %al
        je      off
        cmpb    $'r', %al
        je      reset
        cmpb    $'p', %al
        je      panic
        cmpb    $'w', %al
        je      bark
        call    send
        jmp     poll

off:    movw    $PM1_CONTROL, %dx
        movw    $SLEEP_S5, %ax
        outw    %ax, %dx
        jmp     poll
reset:  movw    $RESET, %dx
        movb    $6, %al
        outb    %al, %dx
        jmp     poll
panic:  movw    $PANIC, %dx
        movb    $1, %al
        outb    %al, %dx
        jmp     poll
bark:   movw    $WATCHDOG, %dx
        movb    $0xf, %al
        outb    %al, %dx
        jmp     poll

send:   movb    %al, %ah
wait:   movw    $COM1_STATUS, %dx
        inb     %dx, %al
        testb   $0x20, %al
        jz      wait
        movb    %ah, %al
        movw    $COM1_DATA, %dx
        outb    %al, %dx
        ret

greeting: .asciz "LEVERS\r\n"

        .org 510
        .word 0xaa55
