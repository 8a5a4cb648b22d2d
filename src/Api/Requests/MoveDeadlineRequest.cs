using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace KeysCluster.Api.Requests;

/// <summary>What a change of a retiring secret asks for.</summary>
internal sealed record MoveDeadlineRequest
{
    [Required(ErrorMessage = "is required.")]
    [Description("Its new end: later than now, at most 30 days ahead, not past the key's expires_at.")]
    public DateTimeOffset? ValidUntil { get; init; }
}
