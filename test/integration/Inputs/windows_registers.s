# call_with_marks(call, before, after, function): function(call), with `before` in xmm6 to
# xmm15; what is there behind it is in `after`.
        .globl call_with_marks
        .seh_proc call_with_marks
call_with_marks:
        pushq %rbx
        .seh_pushreg %rbx
        subq $192, %rsp
        .seh_stackalloc 192
        .seh_endprologue
        movq %r8, %rbx
        .irp number, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
        movups %xmm\number, 32 + 16 * (\number - 6)(%rsp)
        movups 16 * (\number - 6)(%rdx), %xmm\number
        .endr
        call *%r9
        .irp number, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
        movups %xmm\number, 16 * (\number - 6)(%rbx)
        movups 32 + 16 * (\number - 6)(%rsp), %xmm\number
        .endr
        addq $192, %rsp
        popq %rbx
        ret
        .seh_endproc
