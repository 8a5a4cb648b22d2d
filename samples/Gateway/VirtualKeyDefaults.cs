namespace KeysCluster.Samples.Gateway;

/// <summary>Default values of the authentication by virtual keys.</summary>
public static class VirtualKeyDefaults
{
    /// <summary>The name of the authentication scheme.</summary>
    public const string AuthenticationScheme = "VirtualKey";
}
