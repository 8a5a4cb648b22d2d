namespace KeysCluster.Client;

/// <summary>Why a key was not imported.</summary>
/// <param name="Code">A stable code, such as <c>external_id_taken</c>.</param>
/// <param name="Message">A sentence for people; it may change.</param>
public sealed record ImportError(string Code, string Message);
