using System.ComponentModel;
using System.Text.Json.Serialization;

namespace KeysCluster.Api.Errors;

/// <summary>The body of every error.</summary>
/// <param name="Error">A stable code in snake case, for programs.</param>
/// <param name="Message">A sentence for people; it may change.</param>
/// <param name="Code">The same as the error, for clients that look for the code here.</param>
/// <param name="MissingPermissions">The permissions that the caller lacks; absent from any other error.</param>
internal sealed record ErrorResponse(
    [property: Description("A stable code in snake case, for programs.")] string Error,
    [property: Description("A sentence for people; it may change.")] string Message,
    [property: Description("The same as error.")] string Code,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    [property: Description("The permissions that the caller lacks; absent from any other error.")]
    IReadOnlyList<string>? MissingPermissions = null);
