/** In which other project a run is: none that the wire tells of. So a run of somebody else is as unknown as one that never was. */
export const unseen = async (): Promise<null> => null
