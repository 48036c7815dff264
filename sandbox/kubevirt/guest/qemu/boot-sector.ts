/**
 * The first sector of the guest's disk, 16-bit x86 as the BIOS starts it: `boot-sector.S`, put together by
 * `as --32 -o x.o boot-sector.S && ld -m elf_i386 -Ttext 0x7c00 --oformat binary -o x x.o`, without the zeros before its signature.
 */
const CODE = [
  'ea057c000031c08ed88ed0bc007cfcb80300cd10be8f7cac84c0740888c2b603aceeebf3ba0206b80001efbe9a7cac84',
  'c07405e84300ebf6b401cd16740d30e4cd1684c074f2e82700ebedbafd03eca8017409baf803ece81600ebdcba0006ed',
  'f6c4017407ba0406b80020effbf4ebc83c0d7505e80200b00a50b40ebb0700cd10bafd03eca82074f858baf803eec3fb',
  '83f801f900fb03fac7004b726174657961726420677565737420696e2051454d552e2057686174206973207479706564',
  '206973206563686f65642e0d0a3e2000',
].join('');

const SECTOR_BYTES = 512;
/** Less is no disk to SeaBIOS. */
const DISK_BYTES = 1024 * 1024;

/** A disk that greets, echoes what is typed on screen and serial port on both, and switches itself off at the power button. */
export function bootDisk(): Buffer {
  const disk = Buffer.alloc(DISK_BYTES);
  disk.write(CODE, 'hex');
  disk.writeUInt16BE(0x55aa, SECTOR_BYTES - 2);
  return disk;
}
