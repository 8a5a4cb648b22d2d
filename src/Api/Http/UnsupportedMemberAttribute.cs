using System.Security.Claims;
using System.Text.Json;
using KeysCluster.Api.Callers;

namespace KeysCluster.Api.Http;

/// <summary>
/// Declares a member of a request that existing clients send and that this service does not keep. A value that asks for
/// nothing is accepted. Any other is refused: a limit that is acknowledged and not kept is worse than an error.
/// </summary>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true)]
internal class UnsupportedMemberAttribute(string name) : Attribute
{
    /// <summary>The JSON name.</summary>
    public string Name => name;

    /// <summary>
    /// A text that names the value in effect, such as the only mode, in any case; null if there is none.
    /// </summary>
    public string? NeutralText { get; init; }

    /// <summary>Whether the id of the caller's project is accepted, because it is the value in effect.</summary>
    public bool AcceptsOwnProject { get; init; }

    /// <summary>
    /// Returns whether a value asks for nothing: null, empty, or the value in effect.
    /// </summary>
    public virtual bool IsNeutral(JsonElement value, ClaimsPrincipal user) => value.ValueKind switch
    {
        JsonValueKind.Null => true,
        JsonValueKind.String => value.GetString() is "" or null
            || string.Equals(value.GetString(), NeutralText, StringComparison.OrdinalIgnoreCase)
            || (AcceptsOwnProject && value.ValueEquals(user.GetCaller().Project.ToString())),
        JsonValueKind.Array => value.GetArrayLength() == 0,
        JsonValueKind.Object => value.GetPropertyCount() == 0,
        _ => false,
    };
}
