using System.ComponentModel;

namespace KeysCluster.Api.Errors;

/// <summary>The body of every failure.</summary>
/// <param name="Error">A stable code in snake case, for programs.</param>
/// <param name="Message">One sentence that a person can act on.</param>
internal sealed record ErrorBody(
    [property: Description("A stable code in snake case, for programs.")] string Error,
    [property: Description("One sentence that a person can act on.")] string Message);
