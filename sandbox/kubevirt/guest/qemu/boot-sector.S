    .code16
    .globl _start
_start:
    ljmp $0, $begin
begin:
    xorw %ax, %ax
    movw %ax, %ds
    movw %ax, %ss
    movw $0x7c00, %sp
    cld
    movw $3, %ax            # text, 80 x 25: 720 x 400 pixels
    int $0x10
    movw $setup, %si        # the serial port: 115200 8n1 with its queue
next:
    lodsb
    testb %al, %al
    jz ready
    movb %al, %dl
    movb $3, %dh
    lodsb
    outb %al, %dx
    jmp next
ready:
    movw $0x602, %dx        # the power button is to be told
    movw $0x100, %ax
    outw %ax, %dx
    movw $greeting, %si
say:
    lodsb
    testb %al, %al
    jz loop
    call put
    jmp say
loop:
    movb $1, %ah
    int $0x16
    jz serial
    xorb %ah, %ah
    int $0x16
    testb %al, %al
    jz loop
    call echo
    jmp loop
serial:
    movw $0x3fd, %dx
    inb %dx, %al
    testb $1, %al
    jz power
    movw $0x3f8, %dx
    inb %dx, %al
    call echo
    jmp loop
power:
    movw $0x600, %dx
    inw %dx, %ax
    testb $1, %ah
    jz idle
    movw $0x604, %dx        # soft off
    movw $0x2000, %ax
    outw %ax, %dx
idle:
    sti
    hlt                     # until the next tick or key
    jmp loop
echo:
    cmpb $13, %al
    jne put
    call put
    movb $10, %al
put:                        # on the screen and on the serial port
    pushw %ax
    movb $0x0e, %ah
    movw $7, %bx
    int $0x10
full:
    movw $0x3fd, %dx
    inb %dx, %al
    testb $0x20, %al
    jz full
    popw %ax
    movw $0x3f8, %dx
    outb %al, %dx
    ret
setup:
    .byte 0xfb, 0x83, 0xf8, 0x01, 0xf9, 0x00, 0xfb, 0x03, 0xfa, 0xc7, 0
greeting:
    .asciz "Krateyard guest in QEMU. What is typed is echoed.\r\n> "
    .org 510
    .byte 0x55, 0xaa
