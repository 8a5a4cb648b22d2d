using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using KeysCluster.Api.Http;

namespace KeysCluster.Api.Secrets;

/// <summary>Options of a rotation.</summary>
internal sealed record RotateRequest : IOptionalBody
{
    [Range(0, 2592000, ErrorMessage = "must be between 0 and 2592000.")]
    [Description("How long the replaced secret stays valid, in seconds, up to 30 days; 0 expires it immediately.")]
    [DefaultValue(86400)]
    public int GracePeriodSeconds { get; init; } = 86400;
}
