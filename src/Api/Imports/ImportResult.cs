using System.ComponentModel;
using KeysCluster.Api.Errors;
using KeysCluster.Imports;

namespace KeysCluster.Api.Imports;

/// <summary>The result of the import of one key.</summary>
/// <param name="Status">What became of the key.</param>
/// <param name="VirtualKeyId">The id of the virtual key; null if the key was refused.</param>
/// <param name="Error">Why the key was refused; null if it was not.</param>
internal sealed record ImportResult(
    [property: Description(
        "`imported`; `unchanged` if the project already has a key with this secret; or `failed`.")]
    ImportStatus Status,
    [property: Description("The id of the virtual key; null if the key was refused.")] string? VirtualKeyId,
    [property: Description("Why the key was refused; null if it was not.")] ErrorResponse? Error)
{
    public static ImportResult From(ImportKeyResult result) => result.Outcome switch
    {
        ChangeOutcome.Done => new(ImportStatus.Imported, result.Id.ToString(), null),
        ChangeOutcome.AlreadyExists => new(ImportStatus.Unchanged, result.Id.ToString(), null),
        var outcome => Failed(outcome.ToError(ApiErrors.VirtualKeyNotFound)!),
    };

    public static ImportResult Failed(ErrorResult error) => new(ImportStatus.Failed, null, error.ToResponse());
}
