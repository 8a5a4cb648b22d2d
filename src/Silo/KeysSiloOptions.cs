using System.ComponentModel.DataAnnotations;
using System.Net;
using KeysCluster.Hosting;
using KeysCluster.Security;
using KeysCluster.Validation.Hosting;

namespace KeysCluster.Silo;

/// <summary>Configures a silo. The options are read and validated before anything starts.</summary>
internal sealed class KeysSiloOptions : IValidatableObject
{
    /// <summary>The PostgreSQL database of a cluster (<c>ConnectionStrings:Keys</c>).</summary>
    /// <value>The default is null, which selects the embedded topology.</value>
    public string? ConnectionString { get; private init; }

    /// <summary>The data directory of the embedded topology (<c>Keys:DataDirectory</c>).</summary>
    /// <value>The default is <c>data</c> in the working directory.</value>
    public string DataDirectory { get; set; } = "data";

    /// <summary>The Orleans cluster id, the same on every host (<c>Cluster:ClusterId</c>).</summary>
    /// <value>The default is <c>keys</c>.</value>
    public string ClusterId { get; set; } = "keys";

    /// <summary>
    /// The Orleans service id, the same on every host (<c>Cluster:ServiceId</c>): 1 to 150 characters. It is part of
    /// the key of every row and must never change.
    /// </summary>
    /// <value>The default is <c>keys</c>.</value>
    [StringLength(150, MinimumLength = 1, ErrorMessage = "Cluster:ServiceId must have 1 to 150 characters.")]
    public string ServiceId { get; set; } = "keys";

    /// <summary>
    /// The port on which silos connect to each other (<c>Cluster:SiloPort</c>). Not used by the embedded topology.
    /// </summary>
    /// <value>The default is 11111.</value>
    [Range(1, 65535, ErrorMessage = "Cluster:SiloPort must be a port, 1 to 65535.")]
    public int SiloPort { get; set; } = 11111;

    /// <summary>
    /// The port to which front ends and Orleans clients connect (<c>Cluster:GatewayPort</c>). Not used by the embedded
    /// topology.
    /// </summary>
    /// <value>The default is 30000.</value>
    [Range(1, 65535, ErrorMessage = "Cluster:GatewayPort must be a port, 1 to 65535.")]
    public int GatewayPort { get; set; } = 30000;

    /// <summary>
    /// The IP address at which silos and front ends reach this silo (<c>Cluster:AdvertisedAddress</c>). The silo
    /// listens on this address only.
    /// </summary>
    /// <value>The default is 127.0.0.1.</value>
    public string AdvertisedAddress { get; set; } = IPAddress.Loopback.ToString();

    /// <summary>
    /// The certificates of the cluster (the section Cluster:Tls). Required unless <see cref="AdvertisedAddress"/> is a
    /// loopback address, or <see cref="AllowPlaintext"/> is set.
    /// </summary>
    public ClusterTlsOptions Tls { get; set; } = new();

    /// <summary>
    /// Whether the silo may listen without TLS on an address that other machines reach (<c>Cluster:AllowPlaintext</c>).
    /// Any process that reaches its ports then controls every project: permit it only in a network that is isolated
    /// otherwise.
    /// </summary>
    /// <value>The default is false.</value>
    public bool AllowPlaintext { get; set; }

    /// <summary>
    /// How long validation continues without PostgreSQL, and how long a revoke waits for an unresponsive silo or client
    /// (<c>Cluster:LeaseDuration</c>): 1 second to 1 minute.
    /// </summary>
    /// <value>The default is 5 seconds.</value>
    [Range(typeof(TimeSpan), "00:00:01", "00:01:00",
        ErrorMessage = "Cluster:LeaseDuration must be a time from 00:00:01 to 00:01:00.")]
    public TimeSpan LeaseDuration { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// How far the clock of the silo may differ from that of the database (<c>Cluster:MaxClockOffset</c>): 100
    /// milliseconds to 10 seconds. Beyond it the silo does not start, or gives up its lease.
    /// </summary>
    /// <value>The default is 1 second.</value>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:00:10",
        ErrorMessage = "Cluster:MaxClockOffset must be a time from 00:00:00.1 to 00:00:10.")]
    public TimeSpan MaxClockOffset { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Whether the database may be on another machine without <c>SSL Mode=VerifyFull</c>
    /// (<c>Keys:AllowInsecureDatabase</c>). Whoever controls the network between them then controls every project:
    /// permit it only in a network that is isolated otherwise.
    /// </summary>
    /// <value>The default is false.</value>
    public bool AllowInsecureDatabase { get; set; }

    /// <summary>
    /// Whether a stored state without a MAC is unavailable (<c>Keys:RequireStateMac</c>), so that nobody can remove it.
    /// Builds from before the MAC write none: unset it while one of them runs, and until <c>authenticate-states</c> has
    /// added the MAC to their states.
    /// </summary>
    /// <value>The default is true.</value>
    public bool RequireStateMac { get; set; } = true;

    /// <summary>
    /// The memory for the virtual keys and projects that the silo caches for validation, in bytes
    /// (<c>Keys:CacheBytes</c>): 1 MiB to 256 GiB. Beyond it, the least recently used are evicted.
    /// </summary>
    /// <value>The default is 512 MiB.</value>
    [Range(1L << 20, 1L << 38, ErrorMessage = "Keys:CacheBytes must be from 1048576 to 274877906944.")]
    public long CacheBytes { get; set; } = VirtualKeyValidationServiceCollectionExtensions.DefaultCacheBytes;

    /// <summary>Whether the silo is part of a cluster; false in the embedded topology.</summary>
    public bool IsCluster => ConnectionString is not null;

    /// <summary>The ports on which the silo listens, with their settings. The embedded topology has none.</summary>
    public (string Setting, int Port)[] Ports => IsCluster
        ? [("Cluster:SiloPort", SiloPort), ("Cluster:GatewayPort", GatewayPort)]
        : [];

    /// <summary>Reads and validates the options.</summary>
    /// <exception cref="StartupException">A setting is missing or invalid.</exception>
    public static KeysSiloOptions Read(IConfiguration configuration) =>
        SettingsValidation.Validate(Bind(configuration));

    /// <summary>Reads the options without validating them.</summary>
    /// <exception cref="StartupException">The connection string is invalid.</exception>
    /// <exception cref="InvalidOperationException">A value does not have the type of its option.</exception>
    public static KeysSiloOptions Bind(IConfiguration configuration)
    {
        var connectionString = SettingsValidation.GetPostgresConnectionString(configuration);
        var options = new KeysSiloOptions { ConnectionString = connectionString };
        configuration.GetSection("Keys").Bind(options);
        configuration.GetSection("Cluster").Bind(options);
        return options;
    }

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (!IPAddress.TryParse(AdvertisedAddress, out var address))
            yield return new ValidationResult("Cluster:AdvertisedAddress must be an IP address.");
        if (Tls.FindProblem() is { } problem) yield return new ValidationResult(problem);
        else if (IsCluster && address is not null && !IPAddress.IsLoopback(address) && !IsSecuredOrAllowed)
        {
            yield return new ValidationResult(
                "Cluster:Tls is missing: a silo that other machines reach needs Cluster:Tls:Certificate, "
                + "Cluster:Tls:Key and Cluster:Tls:CertificateAuthority. Cluster:AllowPlaintext=true starts it without "
                + "them.");
        }
    }

    private bool IsSecuredOrAllowed => Tls.IsConfigured || AllowPlaintext;
}
