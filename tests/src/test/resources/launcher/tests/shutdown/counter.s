# A guest that counts in its memory and says each number on its serial port, about twice a second: who reads the port's file
# sees at once whether a guest came back with its memory (the numbers go on), booted afresh (UP), or came back twice (numbers repeat).
#
# It powers off by ACPI when its power button is pressed, unless the byte at DEAF, patched by the test, is not zero.

.code16
.globl _start

.set COM1_DATA,      0x3f8
.set COM1_STATUS,    0x3fd
.set PM1_STATUS,     0x600        # where SeaBIOS puts the ACPI registers
.set PM1_ENABLE,     0x602
.set PM1_CONTROL,    0x604
.set POWER_BUTTON,   0x100
.set SLEEP_S5,       0x2000
.set TICKS,          0x46c        # the BIOS counts 18.2 ticks a second here
.set TICKS_A_NUMBER, 9

_start: xorw    %ax, %ax
        movw    %ax, %ds
        movw    %ax, %ss
        movw    $0x7c00, %sp
        movw    $PM1_ENABLE, %dx
        movw    $POWER_BUTTON, %ax
        outw    %ax, %dx
        movw    $up, %si
        call    print

idle:   sti
        hlt
        movw    $PM1_STATUS, %dx
        inw     %dx, %ax
        testw   $POWER_BUTTON, %ax
        jnz     button
        movw    TICKS, %ax
        subw    last, %ax
        cmpw    $TICKS_A_NUMBER, %ax
        jb      idle
        movw    TICKS, %ax
        movw    %ax, last
        movw    count, %bx
        incw    count
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
        jmp     idle

button: movw    $PM1_STATUS, %dx  # taken note of
        movw    $POWER_BUTTON, %ax
        outw    %ax, %dx
        movw    $pressed, %si
        call    print
        cmpb    $0, deaf
        jne     idle
        movw    $PM1_CONTROL, %dx
        movw    $SLEEP_S5, %ax
        outw    %ax, %dx
stop:   hlt
        jmp     stop

print:  lodsb
        testb   %al, %al
        jz      printed
        call    send
        jmp     print
printed: ret

send:   movb    %al, %ah
ready:  movw    $COM1_STATUS, %dx
        inb     %dx, %al
        testb   $0x20, %al
        jz      ready
        movb    %ah, %al
        movw    $COM1_DATA, %dx
        outb    %al, %dx
        ret

up:       .asciz "UP\n"
pressed:  .asciz "BUTTON\n"
new_line: .asciz "\n"
count:    .word 0
last:     .word 0

        .org 509
deaf:   .byte 0
        .word 0xaa55
