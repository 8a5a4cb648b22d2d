namespace KeysCluster.Grains.Secrets;

/// <summary>
/// Compares a presented secret with stored ones. It is hashed at most once under each pepper of the stored secrets.
/// </summary>
internal readonly struct PresentedHashes(Sha256Digest digest, PepperSet peppers)
{
    private readonly byte[]?[] _hashes = new byte[]?[peppers.All.Count];

    /// <summary>Returns whether a stored secret is the presented one; false also if its pepper is missing.</summary>
    public bool Match(StoredSecret secret) =>
        peppers.IndexOf(secret.PepperId) is >= 0 and var index
        && secret.HasHash(_hashes[index] ??= peppers.All[index].Hash(digest));
}
