/** Numbers of encodings and pseudo-encodings: RFC 6143 section 7.7 and the community's rfbproto. */
export const RAW = 0;
export const COPY_RECT = 1;
export const HEXTILE = 5;
export const TIGHT = 7;
export const ZRLE = 16;
export const CURSOR = -239;
export const DESKTOP_SIZE = -223;
export const LAST_RECT = -224;
export const QEMU_KEYS = -258;
export const EXTENDED_DESKTOP_SIZE = -308;
export const ALPHA_CURSOR = -314;
export const VMWARE_CURSOR = 0x574d_5664;
export const EXTENDED_CLIPBOARD = 0xc0a1_e5ce | 0;
