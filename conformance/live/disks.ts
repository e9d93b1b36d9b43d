/** Log directories with a disk of their own: a file system in a file, which can be filled, and shut down so that every access fails. */
import { statSync } from 'node:fs'
import type { Host } from './host.ts'

const SIZE = '160M'
/** EXT4_IOC_SHUTDOWN without flushing the journal: from then on the file system answers everything with EIO. */
const SHUT_DOWN = 'open(my $d, "<", $ARGV[0]) or die $!; my $f = pack("L", 2); ioctl($d, 0x8004587d, $f) or die $!'

export class Disks {
  readonly #host: Host
  readonly #images = new Map<string, { count: number; ails: 'failed' | 'full' | undefined }>()
  constructor(host: Host) {
    this.#host = host
  }

  /** Before anything is written there. */
  make(dir: string): void {
    this.#images.set(dir, { count: 1, ails: undefined })
    const image = imageOf(this.#host.base, dir, 1)
    this.#host.run('sh', '-ec', `mkdir -p ${dir}; truncate -s ${SIZE} ${image}; mkfs.ext4 -q -b 1024 -m 0 ${image}; mount -o loop ${image} ${dir}; rmdir ${dir}/lost+found`)
  }
  ailsOf(dir: string): 'failed' | 'full' | undefined {
    return this.#images.get(dir)?.ails
  }
  fail(dir: string): void {
    this.#host.run('perl', '-e', SHUT_DOWN, dir)
    this.#images.get(dir)!.ails = 'failed'
  }
  fill(dir: string): void {
    this.#host.run('sh', '-c', `dd if=/dev/zero of=${dir}/filler bs=64k 2>/dev/null; dd if=/dev/zero bs=1k >> ${dir}/filler 2>/dev/null; sync ${dir}/filler; true`)
    this.#images.get(dir)!.ails = 'full'
  }
  /** There is space again; or another disk with the same content in the place of the one that failed. */
  free(dir: string): void {
    const disk = this.#images.get(dir)!
    if (disk.ails === 'full') this.#host.run('rm', '-f', `${dir}/filler`)
    else if (disk.ails === 'failed') {
      const { base } = this.#host
      const before = imageOf(base, dir, disk.count), next = imageOf(base, dir, ++disk.count)
      this.#host.run('sh', '-ec', `umount -l ${dir}; cp --sparse=always ${before} ${next}; mount -o loop ${next} ${dir}`)
    }
    disk.ails = undefined
  }
}

/** Beside the directories of the nodes, where all is gone with the machine. */
export const imageOf = (base: string, dir: string, count: number): string => `${base}/${dir.slice(base.length + 1).replaceAll('/', '_')}.${count}.img`

/** What we mount nobody else may see, and it has to go with us: that takes a mount namespace, and root outside of it, for loop devices. */
export function canMount(host: Host): boolean {
  if (!host.isolated || process.getuid?.() !== 0) return false
  try {
    host.run('sh', '-ec', 'command -v mkfs.ext4 perl losetup')
    return statSync('/dev/loop-control').isCharacterDevice()
  } catch {
    return false
  }
}
