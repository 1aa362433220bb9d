# call_with_marks(call, before, after, function): function(call), with `before` in xmm6 to
# xmm15, rsi and rdi; what is there behind it is in `after`.
        .globl call_with_marks
        .globl behind_the_call
        .seh_proc call_with_marks
call_with_marks:
        pushq %rbx
        .seh_pushreg %rbx
        pushq %rsi
        .seh_pushreg %rsi
        pushq %rdi
        .seh_pushreg %rdi
        subq $192, %rsp
        .seh_stackalloc 192
        .seh_endprologue
        movq %r8, %rbx
        .irp number, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
        movups %xmm\number, 32 + 16 * (\number - 6)(%rsp)
        movups 16 * (\number - 6)(%rdx), %xmm\number
        .endr
        movq 160(%rdx), %rsi
        movq 168(%rdx), %rdi
        call *%r9
behind_the_call:
        .irp number, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
        movups %xmm\number, 16 * (\number - 6)(%rbx)
        movups 32 + 16 * (\number - 6)(%rsp), %xmm\number
        .endr
        movq %rsi, 160(%rbx)
        movq %rdi, 168(%rbx)
        addq $192, %rsp
        popq %rdi
        popq %rsi
        popq %rbx
        ret
        .seh_endproc
