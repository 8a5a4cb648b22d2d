namespace KeysCluster.Silo.Dashboard;

/// <summary>Configures the dashboard of Orleans.</summary>
internal sealed class DashboardOptions
{
    /// <summary>
    /// Whether the dashboard of Orleans exists at <c>/dashboard</c> of the management address
    /// (<c>Hosting:Dashboard</c>), for callers with an admin key. It measures every grain call.
    /// </summary>
    /// <value>The default is false.</value>
    public bool Dashboard { get; set; }
}
