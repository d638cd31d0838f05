/** A sleep that others can end. */
export class Wake {
  #isSet = false;
  #end: (() => void) | undefined;

  /** Ends the sleep, or the next one. */
  set(): void {
    this.#isSet = true;
    this.#end?.();
  }

  /** Sleeps for so many milliseconds at most. */
  async sleep(milliseconds: number): Promise<void> {
    if (!this.#isSet) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, milliseconds);
        this.#end = () => {
          clearTimeout(timer);
          resolve();
        };
      });
      this.#end = undefined;
    }
    this.#isSet = false;
  }
}
