# Functions with instructions above their level, between some within it.
	.section .note.GNU-stack,"",@progbits
	.text
	.type entry,@function
entry:
	endbr64
	cpuid
	xgetbv
	addps %xmm0, %xmm1
	popcntl %eax, %eax
	pshufb %xmm0, %xmm1
	haddps %xmm0, %xmm1
	vzeroupper
	ret
	.type kernel.v2,@function
kernel.v2:
	popcntl %eax, %eax
	pshufb %xmm8, %xmm1
	blendps $1, %xmm0, %xmm1
	vaddps %xmm0, %xmm1, %xmm2
	andnl %eax, %ecx, %edx
	movbel (%rdi), %eax
	ret
	.type kernel.v3,@function
kernel.v3:
	vfmadd231ps %ymm0, %ymm1, %ymm2
	vaddps %zmm0, %zmm1, %zmm2
	vaddps %xmm16, %xmm1, %xmm2
	vpmullq %xmm0, %xmm1, %xmm2
	kmovw %eax, %k1
	ret
	.type kernel.v4,@function
kernel.v4:
	vaddps %zmm16, %zmm1, %zmm2 {%k1}
	ret
