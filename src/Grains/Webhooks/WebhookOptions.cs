using System.ComponentModel.DataAnnotations;

namespace KeysCluster.Grains.Webhooks;

/// <summary>Configures webhooks.</summary>
public sealed class WebhookOptions
{
    /// <summary>
    /// Whether webhooks may use <c>http</c>, any port, and addresses that are not public
    /// (<c>Webhooks:AllowPrivateAddresses</c>). Only for tests and for closed networks: callers who can create webhooks
    /// can then have silos send requests to other hosts of the network.
    /// </summary>
    /// <value>The default is false.</value>
    public bool AllowPrivateAddresses { get; set; }

    /// <summary>
    /// How long the log of deliveries is kept (<c>Webhooks:KeepDeliveriesFor</c>): 4 days to 1 year.
    /// </summary>
    /// <value>The default is 30 days.</value>
    [Range(typeof(TimeSpan), "4.00:00:00", "365.00:00:00",
        ErrorMessage = "Webhooks:KeepDeliveriesFor must be a time from 4.00:00:00 to 365.00:00:00 "
            + "(days.hours:minutes:seconds).")]
    public TimeSpan KeepDeliveriesFor { get; set; } = TimeSpan.FromDays(30);
}
