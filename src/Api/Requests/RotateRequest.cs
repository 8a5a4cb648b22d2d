using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace KeysCluster.Api.Requests;

/// <summary>What a rotation may ask for.</summary>
internal sealed record RotateRequest : IMayBeEmpty
{
    [Range(0, 2592000, ErrorMessage = "must be between 0 and 2592000.")]
    [Description("How long the replaced secret stays valid, up to 30 days; 0 ends it at once.")]
    [DefaultValue(86400)]
    public int GracePeriodSeconds { get; init; } = 86400;
}
