namespace KeysCluster.Hosting;

/// <summary>Configures the management address.</summary>
internal sealed class ManagementOptions
{
    /// <summary>
    /// The address of the health endpoints and of <c>/metrics</c> (<c>Hosting:ManagementUrl</c>), such as
    /// <c>http://0.0.0.0:8081</c>. If it is set, they do not exist at the addresses of the API, and only they exist
    /// here. Its port must not be 0. There is no default, and without it there is no <c>/metrics</c>.
    /// </summary>
    public string? ManagementUrl { get; set; }
}
