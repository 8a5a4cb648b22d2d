using System.ComponentModel.DataAnnotations;
using KeysCluster.Api.Hosting;

namespace KeysCluster.Api;

/// <summary>What a front end that runs alone needs to find its cluster.</summary>
internal sealed class FrontEndSettings
{
    /// <summary>The cluster's PostgreSQL (<c>ConnectionStrings:Keys</c>).</summary>
    [Required(ErrorMessage =
        "ConnectionStrings:Keys is missing: a front end alone is a client of a cluster on PostgreSQL. "
        + "For one process that needs no server, run src/Silo.")]
    public string ConnectionString { get; private init; } = "";

    /// <summary><c>Cluster:ClusterId</c>.</summary>
    public string ClusterId { get; set; } = "keys";

    /// <summary><c>Cluster:ServiceId</c>, part of every row's key: never change it.</summary>
    public string ServiceId { get; set; } = "keys";

    /// <summary>
    /// How many keys, and how many projects, a front end holds in memory (<c>Keys:CachedKeys</c>), at about 2 KB each; the
    /// least used go first.
    /// </summary>
    [Range(100, 100_000_000, ErrorMessage = "Keys:CachedKeys must be from 100 to 100000000.")]
    public int CachedKeys { get; set; } = ValidatorServices.DefaultCachedKeys;

    /// <summary>Reads and checks them.</summary>
    public static FrontEndSettings Read(IConfiguration configuration)
    {
        var settings = new FrontEndSettings { ConnectionString = HostSettings.PostgresConnectionString(configuration) ?? "" };
        configuration.GetSection("Keys").Bind(settings);
        configuration.GetSection("Cluster").Bind(settings);
        return HostSettings.Validated(settings);
    }
}
