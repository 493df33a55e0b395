import type Quill from 'quill';
/** Whether Quill shows an embed within a line, as one unit. */
export declare function showsEmbed(quill: Quill, name: string): boolean;
/** Gives Quill a placeholder for embeds that it knows nothing of, which keeps what they are. */
export declare function registerUnknownEmbed(quill: Quill): void;
/**
 * Lets lines of code hold embeds. Quill takes them out there, but one person may
 * put a picture into a line while another makes it code.
 */
export declare function allowEmbedsInCode(quill: Quill): void;
