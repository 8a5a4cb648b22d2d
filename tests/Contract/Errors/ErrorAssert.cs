using System.Text.RegularExpressions;

namespace KeysCluster.Contract.Tests.Errors;

/// <summary>Asserts the format of error responses.</summary>
internal static partial class ErrorAssert
{
    /// <summary>Shorter machine names, such as <c>key</c>, occur in messages by coincidence.</summary>
    private const int MinMachineNameLength = 7;

    /// <summary>Asserts that a response is this error, and well-formed.</summary>
    public static void IsError(ApiResponse response, int status, string code, string? naming = null)
    {
        Assert.True(status == (int)response.Status, $"Expected {status}, got {(int)response.Status}: {response.Body}");
        IsWellFormed(response);
        Assert.Equal(code, response.ErrorCode);
        if (naming is not null) Assert.Contains(naming, GetMessage(response), StringComparison.Ordinal);
    }

    /// <summary>Asserts that the body is a code and a message, without internal details.</summary>
    public static void IsWellFormed(ApiResponse response)
    {
        Assert.StartsWith("application/json", response.Headers["Content-Type"], StringComparison.Ordinal);
        string[] members = response.ErrorCode == "missing_permissions"
            ? ["error", "message", "code", "missing_permissions"]
            : ["error", "message", "code"];
        Assert.Equal(members, response.Json.EnumerateObject().Select(member => member.Name));
        Assert.Matches(ErrorCodePattern(), response.ErrorCode);
        Assert.Equal(response.ErrorCode, response.Json.GetProperty("code").GetString());
        var message = GetMessage(response);
        Assert.True(message.Length > 10 && response.ErrorCode != message, response.Body);
        Assert.DoesNotMatch(InternalDetailPattern(), response.Body);
        if (Environment.MachineName.Length >= MinMachineNameLength)
            Assert.DoesNotContain(Environment.MachineName, response.Body, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("Server", response.Headers.Keys);
    }

    private static string GetMessage(ApiResponse response) => response.Json.GetProperty("message").GetString()!;

    [GeneratedRegex("^[a-z]+(_[a-z]+)*$")]
    private static partial Regex ErrorCodePattern();

    [GeneratedRegex(
        @"   at |Exception|System\.|Microsoft|Orleans|grain|Npgsql|Sqlite|SELECT |INSERT |\.cs\b|KeysCluster|127\.0\.0",
        RegexOptions.IgnoreCase)]
    private static partial Regex InternalDetailPattern();
}
