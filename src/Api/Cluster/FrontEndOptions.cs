using System.ComponentModel.DataAnnotations;
using KeysCluster.Hosting;
using KeysCluster.Security;
using KeysCluster.Validation.Hosting;

namespace KeysCluster.Api.Cluster;

/// <summary>Configures a front end: how it finds its cluster, and how much it caches.</summary>
internal sealed class FrontEndOptions : IValidatableObject
{
    /// <summary>The PostgreSQL database of the cluster (<c>ConnectionStrings:Keys</c>). Required.</summary>
    [Required(ErrorMessage =
        "ConnectionStrings:Keys is missing: a front end is a client of a cluster on PostgreSQL. "
        + "To run a single process without a database server, start src/Silo.")]
    public string ConnectionString { get; private init; } = "";

    /// <summary>The Orleans cluster id, the same on every host (<c>Cluster:ClusterId</c>).</summary>
    /// <value>The default is <c>keys</c>.</value>
    public string ClusterId { get; set; } = "keys";

    /// <summary>The Orleans service id, the same on every host (<c>Cluster:ServiceId</c>).</summary>
    /// <value>The default is <c>keys</c>.</value>
    public string ServiceId { get; set; } = "keys";

    /// <summary>
    /// The certificates of the cluster (the section Cluster:Tls). Required when the silos have them. The certificate of
    /// a front end has the role <see cref="ClusterRole.FrontEnd"/>.
    /// </summary>
    public ClusterTlsOptions Tls { get; set; } = new();

    /// <summary>
    /// Whether the database may be on another machine without <c>SSL Mode=VerifyFull</c>
    /// (<c>Keys:AllowInsecureDatabase</c>). Whoever controls the network between them then controls every project:
    /// permit it only in a network that is isolated otherwise.
    /// </summary>
    /// <value>The default is false.</value>
    public bool AllowInsecureDatabase { get; set; }

    /// <summary>
    /// The memory for the virtual keys and projects that the front end caches for validation, in bytes
    /// (<c>Keys:CacheBytes</c>): 1 MiB to 256 GiB. Beyond it, the least recently used are evicted.
    /// </summary>
    /// <value>The default is 512 MiB.</value>
    [Range(1L << 20, 1L << 38, ErrorMessage = "Keys:CacheBytes must be from 1048576 to 274877906944.")]
    public long CacheBytes { get; set; } = VirtualKeyValidationServiceCollectionExtensions.DefaultCacheBytes;

    /// <summary>Reads and validates the options.</summary>
    /// <exception cref="StartupException">A setting is missing or invalid.</exception>
    public static FrontEndOptions Read(IConfiguration configuration)
    {
        var connectionString = SettingsValidation.GetPostgresConnectionString(configuration);
        var options = new FrontEndOptions { ConnectionString = connectionString ?? "" };
        configuration.GetSection("Keys").Bind(options);
        configuration.GetSection("Cluster").Bind(options);
        return SettingsValidation.Validate(options);
    }

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) =>
        Tls.FindProblem() is { } problem ? [new ValidationResult(problem)] : [];
}
