using KeysCluster.Security;

namespace KeysCluster.VirtualKeys;

/// <summary>
/// Lists the virtual keys of a project from the storage index, without activating their grains. The grain key is the id
/// of the project.
/// </summary>
[Alias("KeysCluster.IVirtualKeyListGrain")]
public interface IVirtualKeyListGrain : IGrainWithStringKey
{
    /// <summary>Returns a page of keys as last written, newest first, including revoked ones.</summary>
    /// <param name="after">The position at which the previous page ended; null for the first page.</param>
    /// <param name="limit">The maximum number of keys, 1 to 1000.</param>
    /// <exception cref="Storage.StorageUnavailableException">Storage did not answer.</exception>
    [Alias("List"), Retryable]
    [AllowClients(ClientRoles.FrontEnd)]
    Task<VirtualKeyPage> List(VirtualKeyPosition? after, int limit);

    /// <summary>Returns a page of the keys that match a filter, as last written.</summary>
    /// <param name="filter">Selects the keys, and determines their order.</param>
    /// <param name="after">
    /// The position at which the previous page of the same filter ended; null for the first page.
    /// </param>
    /// <param name="limit">The maximum number of keys, 1 to 1000.</param>
    /// <exception cref="Storage.StorageUnavailableException">Storage did not answer.</exception>
    [Alias("Find"), Retryable]
    [AllowClients(ClientRoles.FrontEnd)]
    Task<VirtualKeyPage> Find(VirtualKeyFilter filter, VirtualKeyPosition? after, int limit);
}
