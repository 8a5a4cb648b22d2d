using KeysCluster.Imports;

namespace KeysCluster.Grains.Imports;

/// <summary>
/// The index in which the database has the hashes of imported secrets, and the schemes that are in use. The transaction
/// that writes a key also updates the index.
/// </summary>
public interface IImportedKeyStore
{
    /// <summary>Returns the keys that have secrets with any of the stored hashes, by hash, in base64.</summary>
    Task<IReadOnlyDictionary<string, ImportedKey>> FindAsync(
        IReadOnlyCollection<string> hashes, CancellationToken cancellationToken);

    /// <summary>Returns the schemes of imported secrets.</summary>
    Task<IReadOnlyList<StoredHashScheme>> ListSchemesAsync(CancellationToken cancellationToken);

    /// <summary>Adds a scheme, unless it is stored already; returns the stored one.</summary>
    Task<StoredHashScheme> AddSchemeAsync(StoredHashScheme scheme, CancellationToken cancellationToken);
}
