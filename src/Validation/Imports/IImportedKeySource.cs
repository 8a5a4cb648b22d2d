using KeysCluster.Imports;

namespace KeysCluster.Validation.Imports;

/// <summary>Finds the virtual keys that imported secrets belong to.</summary>
internal interface IImportedKeySource
{
    /// <exception cref="ValidationUnavailableException">They cannot be read now.</exception>
    ValueTask<IReadOnlyList<HashScheme>> GetHashSchemesAsync();

    /// <summary>Returns for each digest its key, or null.</summary>
    /// <exception cref="ValidationUnavailableException">They cannot be read now.</exception>
    ValueTask<IReadOnlyList<ImportedKey?>> FindImportedKeysAsync(IReadOnlyList<Sha256Digest> digests);
}
