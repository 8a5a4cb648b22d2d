using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace KeysCluster.Api.Secrets;

/// <summary>Changes the deadline of a retiring secret.</summary>
internal sealed record ChangeDeadlineRequest
{
    [Required(ErrorMessage = "is required.")]
    [Description("The new deadline: later than now, at most 30 days ahead, not later than the key's expires_at.")]
    public DateTimeOffset? ValidUntil { get; init; }
}
