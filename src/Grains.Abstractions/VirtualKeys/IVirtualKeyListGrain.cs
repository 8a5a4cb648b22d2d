namespace KeysCluster.VirtualKeys;

/// <summary>
/// Lists the virtual keys of a project from the storage index, without waking their grains; the grain's key is the
/// project's id.
/// </summary>
[Alias("KeysCluster.IVirtualKeyListGrain")]
public interface IVirtualKeyListGrain : IGrainWithStringKey
{
    /// <summary>A page of keys, newest first, revoked ones included; each as it was last written.</summary>
    /// <param name="after">Where the page before ended; null for the first page.</param>
    /// <param name="limit">How many keys at most, 1 to 1000.</param>
    /// <exception cref="Storage.StorageUnavailableException">Storage did not answer.</exception>
    [Alias("List"), SafeToRepeat]
    Task<VirtualKeyPage> List(VirtualKeyPosition? after, int limit);
}

/// <summary>A key's place in the list of its project: by creation, then by id.</summary>
/// <param name="CreatedAt">When the key was created.</param>
/// <param name="Id">The key's id.</param>
[GenerateSerializer, Immutable, Alias("KeysCluster.VirtualKeyPosition")]
public sealed record VirtualKeyPosition(
    [property: Id(0)] DateTimeOffset CreatedAt,
    [property: Id(1)] VirtualKeyId Id);

/// <summary>A page of virtual keys.</summary>
/// <param name="Keys">The keys of this page.</param>
/// <param name="Next">Where the next page begins; null when this is the last.</param>
[GenerateSerializer, Immutable, Alias("KeysCluster.VirtualKeyPage")]
public sealed record VirtualKeyPage(
    [property: Id(0)] IReadOnlyList<VirtualKey> Keys,
    [property: Id(1)] VirtualKeyPosition? Next);
