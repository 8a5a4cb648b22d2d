namespace KeysCluster;

internal static class GrainReferenceExtensions
{
    /// <summary>
    /// Returns a grain reference without the reflection on the attributes of the interface that Orleans' own
    /// <c>GetGrain&lt;T&gt;</c> does on each call, which takes longer than a cached validation.
    /// </summary>
    public static IAddressable GetGrain(
        this IGrainFactory grains, GrainType type, IdSpan key, GrainInterfaceType contract)
    {
        ArgumentNullException.ThrowIfNull(grains);
        return grains.GetGrain(GrainId.Create(type, key), contract);
    }
}
