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
    public string ConnectionString { get; set; } = "";

    /// <summary><c>Cluster:ClusterId</c>.</summary>
    public string ClusterId { get; set; } = "keys";

    /// <summary><c>Cluster:ServiceId</c>, part of every row's key: never change it.</summary>
    public string ServiceId { get; set; } = "keys";

    /// <summary>Reads and checks them.</summary>
    public static FrontEndSettings Read(IConfiguration configuration)
    {
        var settings = new FrontEndSettings { ConnectionString = configuration.GetConnectionString("Keys") ?? "" };
        configuration.GetSection("Cluster").Bind(settings);
        return HostSettings.Validated(settings);
    }
}
