import * as path from "node:path";

/**
 * Where a local file is pushed to, relative to the home of the SSH user. The name is kept, so that
 * an error on the host names the file that the user knows.
 */
export function uploadPath(file: string): string {
  return `.rocketmq-files/${path.basename(file)}`;
}
