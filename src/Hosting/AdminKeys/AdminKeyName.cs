namespace KeysCluster.Hosting.AdminKeys;

/// <summary>The name of an admin key, which the events of its changes contain.</summary>
public static class AdminKeyName
{
    /// <summary>The name of the key in <c>Keys:AdminKey</c>.</summary>
    public const string Default = "default";
}
