/** How the distribution of one version is put together. */
export interface Release {
  /** The source release that bin and conf come from: the version itself, or the nearest one on Maven Central. */
  scripts: string;
  /** Top folder inside the zip, as Apache's zip of that version has it. */
  top: string;
  /** Form of the `.sha512` file: Apache's older ones are `gpg --print-md`, newer ones `sha512sum`. */
  checksum: "gpg" | "sha512sum";
  profiles: string[];
}

/** The versions whose jars are complete on Maven Central and that the tests use. */
export const RELEASES: Record<string, Release> = {
  "4.9.3": { scripts: "4.9.3", top: "rocketmq-4.9.3", checksum: "gpg", profiles: [] },
  "4.9.7": {
    scripts: "4.9.6",
    top: "rocketmq-all-4.9.7-bin-release",
    checksum: "gpg",
    profiles: [],
  },
  "5.3.3": {
    scripts: "5.3.3",
    top: "rocketmq-all-5.3.3-bin-release",
    checksum: "sha512sum",
    profiles: ["v5"],
  },
  "5.5.0": {
    scripts: "5.3.3",
    top: "rocketmq-all-5.5.0-bin-release",
    checksum: "sha512sum",
    profiles: ["v5"],
  },
};

/** File name of a version's archive, in every version as Apache names it. */
export function archiveName(version: string): string {
  return `rocketmq-all-${version}-bin-release.zip`;
}
