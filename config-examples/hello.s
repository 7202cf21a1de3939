# The smallest guest that behaves like one: 512 bytes in a boot sector, up in a tenth of a second.
#
#   as --32 -o hello.o hello.s && ld -m elf_i386 -Ttext 0x7c00 --oformat binary -o hello.img hello.o && truncate -s 1M hello.img
#
# It prints GUEST-UP on the first serial port, echoes what it is sent there, answers '?' with the clock ticks since it
# booted (so one can see that a restored guest goes on where it was), and powers off by ACPI when its power button is pressed.

.code16
.globl _start

.set COM1_DATA,      0x3f8
.set COM1_STATUS,    0x3fd        # bit 0: a byte came in, bit 5: ready to send
.set PM1_STATUS,     0x600        # where SeaBIOS puts the ACPI registers, on pc and on q35
.set PM1_ENABLE,     0x602
.set PM1_CONTROL,    0x604
.set POWER_BUTTON,   0x100        # in PM1_STATUS and PM1_ENABLE
.set SLEEP_S5,       0x2000       # SLP_EN, with the sleep type 0 that QEMU's tables give to S5
.set TICKS,          0x46c        # the BIOS counts 18.2 ticks a second here

_start:
        xorw    %ax, %ax
        movw    %ax, %ds
        movw    %ax, %ss
        movw    $0x7c00, %sp
        movw    $PM1_ENABLE, %dx
        movw    $POWER_BUTTON, %ax
        outw    %ax, %dx
        movw    $greeting, %si
        call    print

idle:   sti
        hlt                       # until the next tick: an idle guest burns no processor time
poll:   movw    $PM1_STATUS, %dx
        inw     %dx, %ax
        testw   $POWER_BUTTON, %ax
        jnz     power_off
        movw    $COM1_STATUS, %dx
        inb     %dx, %al
        testb   $1, %al
        jz      idle
        movw    $COM1_DATA, %dx
        inb     %dx, %al
        cmpb    $'?', %al
        je      tell_ticks
        call    send
        jmp     poll

tell_ticks:
        movw    TICKS, %bx
        movw    $4, %cx           # four hexadecimal digits, the highest first
digit:  rolw    $4, %bx
        movb    %bl, %al
        andb    $0x0f, %al
        addb    $'0', %al
        cmpb    $'9', %al
        jbe     shown
        addb    $('a' - '9' - 1), %al
shown:  call    send
        loop    digit
        movw    $new_line, %si
        call    print
        jmp     poll

power_off:
        movw    $goodbye, %si
        call    print
        movw    $PM1_CONTROL, %dx
        movw    $SLEEP_S5, %ax
        outw    %ax, %dx
stop:   hlt
        jmp     stop

print:  lodsb                     # the text at SI, up to its zero byte
        testb   %al, %al
        jz      printed
        call    send
        jmp     print
printed: ret

send:   movb    %al, %ah          # the character in AL, when the port is ready for it
wait:   movw    $COM1_STATUS, %dx
        inb     %dx, %al
        testb   $0x20, %al
        jz      wait
        movb    %ah, %al
        movw    $COM1_DATA, %dx
        outb    %al, %dx
        ret

greeting: .asciz "GUEST-UP\r\n"
goodbye:  .asciz "GUEST-POWEROFF\r\n"
new_line: .asciz "\r\n"

        .org 510
        .word 0xaa55
