using System.Text.RegularExpressions;
using KeysCluster.TestKit;

namespace KeysCluster.Contract.Errors;

/// <summary>What holds for every failure, whatever its cause.</summary>
internal static partial class ErrorAssert
{
    /// <summary>The answer is this failure, told as every failure is.</summary>
    public static void IsError(ApiResponse answer, int status, string code, string? naming = null)
    {
        Assert.True(status == (int)answer.Status, $"Expected {status}, got {(int)answer.Status}: {answer.Body}");
        IsWellFormed(answer);
        Assert.Equal(code, answer.ErrorCode);
        if (naming is not null) Assert.Contains(naming, Message(answer), StringComparison.Ordinal);
    }

    /// <summary>JSON with both strings, a code and a sentence, and nothing of the inside.</summary>
    public static void IsWellFormed(ApiResponse answer)
    {
        Assert.StartsWith("application/json", answer.Headers["Content-Type"], StringComparison.Ordinal);
        Assert.Equal(["error", "message"], answer.Json.EnumerateObject().Select(member => member.Name));
        Assert.Matches(ErrorCodePattern(), answer.ErrorCode);
        Assert.True(Message(answer).Length > 10 && answer.ErrorCode != Message(answer), answer.Body);
        Assert.DoesNotMatch(InternalDetailPattern(), answer.Body);
        Assert.DoesNotContain(Environment.MachineName, answer.Body, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("Server", answer.Headers.Keys);
    }

    private static string Message(ApiResponse answer) => answer.Json.GetProperty("message").GetString()!;

    [GeneratedRegex("^[a-z]+(_[a-z]+)*$")]
    private static partial Regex ErrorCodePattern();

    [GeneratedRegex(@"   at |Exception|System\.|Microsoft|Orleans|Npgsql|Sqlite|SELECT |INSERT |\.cs\b|KeysCluster|127\.0\.0\.1|grain",
        RegexOptions.IgnoreCase)]
    private static partial Regex InternalDetailPattern();
}
