using KeysCluster.Security;

namespace KeysCluster.Imports;

/// <summary>Imports keys of other systems into a project. The grain key is the id of the project.</summary>
[Alias("KeysCluster.IKeyImportGrain")]
public interface IKeyImportGrain : IGrainWithStringKey
{
    /// <summary>
    /// Creates virtual keys in one transaction. A key whose secret the project already has is not created again, so
    /// that an import can be repeated. The first import under a hash scheme returns after seconds, when every validator
    /// applies the scheme.
    /// </summary>
    /// <param name="keys">1 to <see cref="ImportLimits.MaxKeys"/> keys of the same caller.</param>
    /// <returns>A result for each key, in their order. One that is refused does not affect the others.</returns>
    /// <exception cref="Storage.StorageUnavailableException">The outcome is unknown. Repeat the call.</exception>
    [Alias("Import"), Retryable]
    [AllowClients(ClientRoles.FrontEnd)]
    Task<IReadOnlyList<ImportKeyResult>> Import(IReadOnlyList<ImportKeyCommand> keys);
}
