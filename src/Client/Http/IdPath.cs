namespace KeysCluster.Client;

/// <summary>Ids in paths.</summary>
internal static class IdPath
{
    /// <summary>Escapes an id. An empty one would call another endpoint.</summary>
    public static string Escape(string id)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(id);
        return Uri.EscapeDataString(id);
    }
}
